// The sentence of a stored fault. What exactly is wrong is stored in Chinese; English reads the sentence of the code.
import { useQuery } from '@tanstack/react-query';
import { readCatalogue } from '@/api/catalogues';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { useText } from '@/i18n';

export function useFaultSentence(): (code: string | null, stored: string | null) => string {
  const { isChinese } = useText();
  const may = useMay();
  const faults = useQuery({
    queryKey: keys.catalogue('fault_codes'),
    queryFn: () => readCatalogue('fault_codes'),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: !isChinese && may('read_catalogues'),
  });
  return (code, stored) =>
    (isChinese ? undefined : faults.data?.find((fault) => fault.code === code)?.en) ?? stored ?? '';
}
