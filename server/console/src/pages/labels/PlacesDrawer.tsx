// New labels for meter boxes, poles and transformer areas: one area, many numbers at once. What the server
// refuses stays in the box with its reason, the rest is made.
import { useQuery } from '@tanstack/react-query';
import { App, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { listAreas } from '@/api/archives';
import { processServerError } from '@/api/errors';
import { keys } from '@/api/keys';
import { createPlace, type NewPlace, PLACE_KINDS, type PlaceKind } from '@/api/labels';
import { EditDrawer } from '@/components/EditDrawer';
import { useText } from '@/i18n';
import { LabelKind } from '@/i18n/words.gen';
import { MOST_PLACES, readPlaces } from '@/util/places';

interface Entry {
  kind: PlaceKind;
  area_code: string;
  numbers?: string;
}

interface Refused {
  number: string;
  why: string;
}

export function PlacesDrawer({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { t, isChinese } = useText();
  const { message } = App.useApp();
  const [refused, setRefused] = useState<Refused[]>([]);
  const make = async (entry: Entry) => {
    const places: NewPlace[] =
      entry.kind === 'transformer_area'
        ? [{ kind: entry.kind, area_code: entry.area_code, number: entry.area_code, meter_numbers: [] }]
        : readPlaces(entry.numbers ?? '', entry.kind).map((place) => ({
            ...place,
            kind: entry.kind,
            area_code: entry.area_code,
          }));
    const failed: Refused[] = [];
    for (const place of places) {
      try {
        await createPlace(place);
      } catch (thrown) {
        const shown = processServerError(thrown, isChinese);
        const why = shown.fields[0]?.sentence ?? shown.detail ?? shown.sentence;
        failed.push({ number: place.number, why: `${shown.code} ${why}` });
      }
    }
    const made = places.length - failed.length;
    if (made > 0) {
      void message.success(t('labels.places_made', { count: made }));
      onMade();
    }
    setRefused(failed);
    if (failed.length === 0) onClose();
  };
  return (
    <EditDrawer<Entry>
      title={t('labels.add_places')}
      initial={{ kind: 'meter_box' }}
      saveLabel={t('labels.make_places')}
      onClose={onClose}
      onSave={make}
    >
      <Fields />
      {refused.length > 0 && (
        <div className="problem" role="alert">
          <div>
            <strong>{t('labels.places_refused', { count: refused.length })}</strong>
            <ul className="reasons">
              {refused.map((each) => (
                <li key={each.number}>
                  <span className="mono">{each.number}</span> {each.why}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </EditDrawer>
  );
}

function Fields() {
  const { t, word } = useText();
  const kind = Form.useWatch('kind') as PlaceKind | undefined;
  const areas = useQuery({ queryKey: keys.areas(undefined), queryFn: () => listAreas(), staleTime: 600_000 });
  const isNumbered = kind !== 'transformer_area';
  return (
    <>
      <Form.Item name="kind" label={t('labels.kind')} required>
        <Select options={PLACE_KINDS.map((value) => ({ value, label: word(LabelKind, value) }))} />
      </Form.Item>
      <Form.Item
        name="area_code"
        label={t('labels.area')}
        rules={[{ required: true, message: t('labels.area_needed') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={areas.isLoading}
          options={(areas.data ?? []).map((area) => ({
            value: area.code,
            label: `${area.name}（${area.code}）`,
          }))}
        />
      </Form.Item>
      {isNumbered && (
        <Form.Item
          name="numbers"
          label={t(kind === 'pole' ? 'labels.pole_numbers' : 'labels.box_numbers')}
          extra={t(kind === 'pole' ? 'labels.pole_numbers_note' : 'labels.box_numbers_note')}
          rules={[
            { required: true, whitespace: true, message: t('labels.numbers_needed') },
            {
              validator: (_, text: string | undefined) =>
                readPlaces(text ?? '', 'pole').length <= MOST_PLACES
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('labels.numbers_many', { count: MOST_PLACES }))),
            },
          ]}
        >
          <Input.TextArea rows={8} className="mono" />
        </Form.Item>
      )}
    </>
  );
}
