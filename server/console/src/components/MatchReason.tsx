// Why a search found this row: the field and the piece that matched.
import { useText } from '@/i18n';

const FIELDS = [
  'account_number',
  'account_name',
  'name_initials',
  'meter_number',
  'pole_number',
  'contact_phone',
  'address',
  'several',
] as const;
type Field = (typeof FIELDS)[number];

export function MatchReason({ match }: { match: { field: string; text: string } | null }) {
  const { t } = useText();
  if (match === null) return null;
  const known = FIELDS.find((field): field is Field => field === match.field);
  return (
    <span className="faint nowrap">{known === undefined ? match.field : t(`customers.match_${known}`)}</span>
  );
}
