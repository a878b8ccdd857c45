// Insights: what is at stake, what the evidence says of the limits, whether matching still fits.
import { DriftView } from "./drift";
import { IssueView } from "./issue";
import { EvidenceView } from "./limits";
import { MeasuresView } from "./measures";
import { PreventableView } from "./preventable";
import { StakesView } from "./stakes";
import { WordingsView } from "./wordings";

export function InsightsPage({ rest }: { readonly rest: readonly string[] }) {
  const [first, second] = rest;
  if (first === "limits") return <EvidenceView />;
  if (first === "measures") return <MeasuresView />;
  if (first === "preventable") return <PreventableView />;
  if (first === "wordings") return <WordingsView />;
  if (first === "drift") return <DriftView />;
  if (first === "issues" && second !== undefined) return <IssueView key={second} issue={second} />;
  return <StakesView />;
}
