// Field records and evidence demands, by order kind.
import type { Catalogues } from '@/api/catalogues';
import { Empty } from '@/components/Empty';
import { Panel } from '@/components/Page';
import { KindName, SampleMark } from '@/components/Words';
import { useText } from '@/i18n';
import { EvidenceKind, FieldKind, OrderKind } from '@/i18n/words.gen';
import { mentions } from '@/util/search';

const KINDS = Object.keys(OrderKind) as OrderKind[];

export function FormsView({ forms, search }: { forms: Catalogues['record_forms']; search: string }) {
  const { t, named, word } = useText();
  const found = KINDS.filter((kind) => mentions([forms[kind], OrderKind[kind]], search));
  if (found.length === 0) return <Empty title={t('settings.none')} />;
  return (
    <div className="catalogue-grid">
      {found.map((kind) => {
        const form = forms[kind];
        if (form === undefined) return null;
        return (
          <Panel
            key={kind}
            title={<KindName kind={kind} />}
            tools={
              <>
                <span className="faint">
                  {t('settings.version')} {form.version}
                </span>
                {form.sample && <SampleMark />}
              </>
            }
          >
            <table className="plain-table">
              <tbody>
                {form.fields.map((field) => (
                  <tr key={field.name}>
                    <td>
                      {named(field)} {field.unit !== '' && <span className="faint">({field.unit})</span>}
                      {field.choices.length > 0 && (
                        <div className="faint">
                          {field.choices.map((choice) => named(choice)).join(' / ')}
                        </div>
                      )}
                    </td>
                    <td className="muted nowrap">{word(FieldKind, field.kind)}</td>
                    <td className="nowrap tone-soon">{field.required ? t('settings.required') : ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p className="faint">{t('settings.source_of', { source: form.source })}</p>
          </Panel>
        );
      })}
    </div>
  );
}

const DESIGN = /^design:\s*/;

export function EvidenceView(props: { demands: Catalogues['evidence_requirements']; search: string }) {
  const { t, named, word } = useText();
  const sourceText = (source: string) =>
    DESIGN.test(source) ? t('settings.by_design', { source: source.replace(DESIGN, '') }) : source;
  const found = KINDS.filter((kind) => mentions([props.demands[kind], OrderKind[kind]], props.search));
  if (found.length === 0) return <Empty title={t('settings.none')} />;
  return (
    <div className="catalogue-grid">
      {found.map((kind) => (
        <Panel key={kind} title={<KindName kind={kind} />}>
          {(props.demands[kind] ?? []).length === 0 && <p className="muted">{t('common.none')}</p>}
          <table className="plain-table">
            <tbody>
              {(props.demands[kind] ?? []).map((demand) => (
                <tr key={demand.slot}>
                  <td>
                    {named(demand)}
                    <div className="faint">{sourceText(demand.source)}</div>
                  </td>
                  <td className="nowrap">{word(EvidenceKind, demand.kind)}</td>
                  <td className="num nowrap">
                    {t('settings.min_count')} {demand.min_count}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      ))}
    </div>
  );
}
