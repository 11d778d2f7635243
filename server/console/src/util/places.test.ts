import { expect, it } from 'vitest';
import { readPlaces } from './places';

it('reads one place a line, once each', () => {
  expect(
    readPlaces('青山线 7 号杆\r\n\n 青山线 8 号杆 \n青山线 7 号杆', 'pole').map((place) => place.number),
  ).toEqual(['青山线 7 号杆', '青山线 8 号杆']);
});

it('takes the meters of a box from its line', () => {
  expect(readPlaces('BX-07：1100000001，1100000002\nBX-08', 'meter_box')).toEqual([
    { number: 'BX-07', meter_numbers: ['1100000001', '1100000002'] },
    { number: 'BX-08', meter_numbers: [] },
  ]);
});
