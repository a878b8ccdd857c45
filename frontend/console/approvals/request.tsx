// One request with all that a decision in seconds needs, the most telling first.
import type { ComponentChildren } from "preact";
import type { BudgetHeadroom, WaitingRequest as Waiting } from "../../api/schema";
import { isNothing, share, textOf } from "../../text/amounts";
import { amount, clock, countdown, words } from "../../text/format";
import { type Desk, useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { Notice, Tag } from "../parts/small";
import { useNow } from "./clock";
import { bindingInWords, budgetName, endInWords, leftInWords, precedentInWords, rowInWords, since, spreadInWords, usedInWords } from "./words";
import type { Gone, Workbench } from "./workbench";

export function RequestView({ one }: { readonly one: Waiting }) {
  const { approval, mine } = one;
  return (
    <article class="request-view">
      <Head one={one} />
      {approval.comment && <blockquote class="request-comment">{approval.comment}</blockquote>}
      {mine.refusal && (
        <Notice tone="approval" icon="alert">
          <p>You may not decide on it: {mine.refusal}.</p>
        </Notice>
      )}
      <dl class="request-facts">
        <Above one={one} />
        <Yours one={one} />
        <Precedent one={one} />
        <Limits one={one} />
      </dl>
      <Budgets one={one} />
    </article>
  );
}

function Head({ one }: { readonly one: Waiting }) {
  const desk = useDesk();
  const { approval } = one;
  const now = useNow();
  const left = Date.parse(approval.expires_at) - now;
  return (
    <header class="request-head">
      <div class="request-name">
        <h2>
          <span class="figure">{amount(approval.amount)}</span> {desk.remedy(approval.remedy)}
        </h2>
        <p class="quiet">
          {one.asker ?? approval.rep}, {desk.level(approval.rep_level)}
          {approval.team && `, ${approval.team}`} · {desk.issue(approval.issue)} · {words(approval.reason_code)}
        </p>
      </div>
      <p class="request-clock" data-short={left < 180_000}>
        <Icon name="clock" />
        <span class="figure">
          {left > 0 ? `${countdown(left)} left` : "expired"}
          <span class="quiet">, waits {since(now - Date.parse(approval.at))}</span>
        </span>
      </p>
    </header>
  );
}

/** How much it is above what who asks may give, drawn as a share. */
function Above({ one }: { readonly one: Waiting }) {
  const desk = useDesk();
  const { approval, option, above } = one;
  if (option === null || above === null) {
    return (
      <Fact name="Above">
        <p>The library no longer knows what was asked for: decline it, so that it is asked anew.</p>
      </Fact>
    );
  }
  const may = textOf(option.up_to) ?? "0";
  return (
    <Fact name="Above">
      <p>
        <strong class="figure">{amount(above)} above</strong>
        <span class="quiet"> what they may give: {bindingInWords(option, desk)}</span>
      </p>
      <div class="share" aria-hidden="true">
        <span style={{ inlineSize: `${share(may, textOf(approval.amount) ?? "0")}%` }} />
      </div>
    </Fact>
  );
}

function Yours({ one }: { readonly one: Waiting }) {
  const desk = useDesk();
  const { mine, levels, approval } = one;
  const enough = levels.find((level) => level.covers);
  return (
    <Fact name="You">
      <p>
        {mine.up_to === null ? (
          "Your level has no say in it."
        ) : mine.covers ? (
          <Tag tone="allowed">may give it: up to {amount(mine.up_to)}</Tag>
        ) : (
          <Tag tone="approval">may give up to {amount(mine.up_to)}</Tag>
        )}
        <span class="quiet"> {askedOf(approval.routed_to, desk)}</span>
      </p>
      {!mine.covers && <p class="quiet">{enough ? `All of it needs a ${desk.level(enough.level).toLowerCase()}.` : "No level may give all of it now."}</p>}
    </Fact>
  );
}

function askedOf(id: string | null, desk: Desk): string {
  if (id === null) return "Nobody qualified is there to be asked.";
  return id === desk.api.person ? "You are asked first." : `${desk.queue.name(id)} is asked first.`;
}

function Precedent({ one: { precedent } }: { readonly one: Waiting }) {
  const { approved, lowered, refused } = precedent;
  const all = approved + lowered + refused;
  return (
    <Fact name="Precedent">
      <p>
        <strong>{precedentInWords(precedent)}</strong>
      </p>
      {all > 0 && (
        <>
          <div class="share precedent" aria-hidden="true">
            <span data-tone="allowed" style={{ flexGrow: approved }} />
            <span data-tone="approval" style={{ flexGrow: lowered }} />
            <span data-tone="refused" style={{ flexGrow: refused }} />
          </div>
          <p class="quiet">{spreadInWords(precedent)}</p>
        </>
      )}
    </Fact>
  );
}

function Fact(props: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div class="request-fact">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** What was given before within the windows that count, and what they leave the one who looks. */
function Budgets({ one }: { readonly one: Waiting }) {
  const { budgets, approval, asker } = one;
  const telling = budgets.filter(isTelling);
  const rest = budgets.filter((budget) => !isTelling(budget));
  const rep = asker ?? approval.rep;
  if (budgets.length === 0) return null;
  return (
    <section class="request-part">
      <h3>Given before</h3>
      {telling.length > 0 && (
        <div class="table-frame" tabIndex={0} role="region" aria-label="What budgets have given">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Within</th>
                <th scope="col" class="figure">
                  Given
                </th>
                <th scope="col" class="figure">
                  You have left
                </th>
              </tr>
            </thead>
            <tbody>
              {telling.map((budget) => (
                <tr key={budget.budget}>
                  <th scope="row">
                    {capital(budgetName(budget, rep))} <span class="quiet">{words(budget.budget).toLowerCase()}</span>
                    {budget.warning && <Tag tone="approval">nearly used up</Tag>}
                  </th>
                  <td class="figure">{usedInWords(budget)}</td>
                  <td class="figure">{leftInWords(budget)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rest.length > 0 && (
        <p class="quiet">Nothing yet for {[...new Set(rest.map((budget) => budgetName(budget, rep)))].join("; ")}.</p>
      )}
    </section>
  );
}

/** Whether a budget says anything: something was given, or nothing is left. */
function isTelling({ used, headroom, frozen, warning }: BudgetHeadroom): boolean {
  const isUsedUp = headroom.grants === 0 || (headroom.amount !== null && isNothing(headroom.amount));
  return used.grants > 0 || isUsedUp || frozen || warning;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The row that it rests on, and what each level may give by it now. */
function Limits({ one }: { readonly one: Waiting }) {
  const desk = useDesk();
  const { option, levels } = one;
  if (option === null) return null;
  return (
    <Fact name="Limits now">
      <ol class="ladder">
        {levels.map((level) => (
          <li key={level.level} data-covers={level.covers}>
            <span>{desk.level(level.level)}</span>
            <strong class="figure">{amount(level.up_to)}</strong>
            <span class="unseen">{level.covers ? "enough" : "not enough"}</span>
          </li>
        ))}
      </ol>
      <ul class="request-rows">
        {rowInWords(option, desk).map((row) => (
          <li key={row.row}>
            <code>{row.row}</code> <span class="quiet">{row.tests}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** What ended while somebody looked at it: told, and kept in sight until they go on. */
export function GoneRequest({ gone, bench }: { readonly gone: Gone; readonly bench: Workbench }) {
  const desk = useDesk();
  const { one, approval } = gone;
  const comment = bench.comment.value.trim();
  return (
    <article class="request-view">
      <header class="request-head">
        <div class="request-name">
          <h2>
            <span class="figure">{amount(one.approval.amount)}</span> {desk.remedy(one.approval.remedy)}
          </h2>
          <p class="quiet">
            {one.asker ?? one.approval.rep} · {desk.issue(one.approval.issue)}
          </p>
        </div>
      </header>
      <Notice tone="approval" icon="clock">
        <p role="alert">
          {approval ? endInWords(approval, (id) => desk.queue.name(id)) : "It does not wait any more."}
          {approval?.end && ` ${clock(approval.end.at)}`}
        </p>
        <p>You decided nothing on it.</p>
        {comment && <p>What you had written: “{comment}”</p>}
      </Notice>
      <button type="button" class="primary" onClick={() => bench.next()}>
        Next request <kbd>n</kbd>
      </button>
    </article>
  );
}
