// Why this kind: the template decision with its words, score and runner-up.
import type { TemplateDecision } from '@/api/contract';
import { useText } from '@/i18n';
import { OrderKind } from '@/i18n/words.gen';
import { KindName } from './Words';

/** The matched words of a decision, hazard words included, each once. */
export function wordsOf(decision: TemplateDecision | null): string[] {
  if (decision === null) return [];
  return [...new Set([...decision.words, ...decision.hazard_words].map((each) => each.word))];
}

/** A template is named after its kind, `fault_repair` or `fault_repair.meter`. */
function templateName(template: string, word: (table: typeof OrderKind, value: string) => string): string {
  const kind = template.split(/[./]/, 1)[0] ?? template;
  return word(OrderKind, kind);
}

export function Decision({ decision }: { decision: TemplateDecision | null }) {
  const { t, word, isChinese } = useText();
  if (decision === null) return <span className="muted">{t('order.template_manual')}</span>;
  const { runner_up: second } = decision;
  const words = wordsOf(decision);
  return (
    <div className="col" style={{ gap: 4 }}>
      {decision.kind === null ? (
        <span className="tone-soon">{t('order.template_none')}</span>
      ) : (
        <span className="row wrap">
          <KindName kind={decision.kind} />
          <span className="faint">{t('order.template_score', { score: decision.score })}</span>
        </span>
      )}
      {isChinese && decision.sentence !== '' && <span className="muted">{decision.sentence}</span>}
      {words.length > 0 && (
        <span className="row wrap" style={{ gap: 4 }}>
          <span className="muted">{t('order.template_words')}</span>
          {words.map((each) => (
            <mark key={each} className="word-mark">
              {each}
            </mark>
          ))}
        </span>
      )}
      <span className="faint">
        {second === null
          ? t('order.template_no_runner_up')
          : t('order.template_runner_up', { kind: templateName(second.template, word), score: second.score })}
      </span>
      {decision.urgent && <span className="tone-late">{t('order.template_urgent')}</span>}
    </div>
  );
}
