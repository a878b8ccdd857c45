// The next question worth asking, answered by one click or key.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { FactValue } from "../../api/names";
import type { Question } from "../../api/schema";
import { useDesk } from "../desk";
import { exampleOf, readTypedFact } from "../../text/facts";
import { words } from "../../text/format";
import { t } from "../../text/i18n";
import { land } from "./landing";
import { Hint, Section } from "./small";

/** The next question; null where there is none. It goes on with the focus of the one before. */
export function QuestionPart({ question }: { readonly question: Question | null }) {
  const desk = useDesk();
  const isAnswered = useRef(false);
  const fact = question?.fact ?? null;
  useEffect(() => {
    if (!isAnswered.current) return;
    isAnswered.current = false;
    // To the question, not to an answer or a reason: a key that is still down must press nothing.
    land(".ask .answers input", ".ask .question", '.options [data-open="true"] .option-head', ".options .option-head", ".body");
  }, [fact]);
  if (question === null) return null;
  const say = (value: FactValue) => {
    isAnswered.current = true;
    desk.contact.answer(question.fact, value);
  };
  const skip = () => {
    isAnswered.current = true;
    desk.contact.skip(question.fact);
  };
  const later = (
    <button type="button" class="link" onClick={skip}>
      {t("Not now")}
    </button>
  );
  return (
    <Section kind="ask" name={t("Ask")} actions={later}>
      <p class="question" dir="auto" tabIndex={-1}>
        {question.ask}
      </p>
      <Answers key={question.fact} question={question} say={say} />
    </Section>
  );
}

interface Props {
  readonly question: Question;
  readonly say: (value: FactValue) => void;
}

function Answers({ question, say }: Props) {
  if (question.type === "boolean") {
    return (
      <div class="answers" role="group" aria-label={question.ask}>
        <button type="button" class="choice" onClick={() => say(true)}>
          {t("Yes")} <Hint of="yes" />
        </button>
        <button type="button" class="choice" onClick={() => say(false)}>
          {t("No")} <Hint of="no" />
        </button>
      </div>
    );
  }
  if (question.type === "choice") {
    return (
      <div class="answers" role="group" aria-label={question.ask}>
        {question.choices.map((choice) => (
          <button key={choice} type="button" class="choice" onClick={() => say(choice)}>
            {words(choice)}
          </button>
        ))}
      </div>
    );
  }
  return <TypedAnswer question={question} say={say} />;
}

function TypedAnswer({ question, say }: Props) {
  const { contact } = useDesk();
  const isWrong = useSignal(false);
  const known = contact.definitions.value.find((one) => one.key === question.fact);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get("answer");
    const value = readTypedFact(known ?? question, String(typed ?? ""));
    isWrong.value = value === null;
    if (value !== null) say(value);
  };
  const isWhole = question.type === "integer";
  const field = {
    class: "field",
    name: "answer",
    "aria-label": question.ask,
    "aria-invalid": isWrong.value,
    "aria-describedby": isWrong.value ? "answer-fault" : undefined,
    autocomplete: "off",
  };
  return (
    <form class="answers" onSubmit={submit} noValidate>
      {question.type === "date" ? (
        <input {...field} type="date" />
      ) : (
        <input {...field} type="text" inputMode={isWhole ? "numeric" : "decimal"} placeholder={exampleOf(question.type)} />
      )}
      <button type="submit" class="choice">
        {t("Set")}
      </button>
      {isWrong.value && (
        <span id="answer-fault" class="fault" role="alert">
          {isWhole ? t("A whole number, such as 3") : t("An amount, such as 12.00")}
        </span>
      )}
    </form>
  );
}
