/** The parts of the form island that need no browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PendingFiles } from '../src/form/attachments.js';
import { divideProblems, indexesOf } from '../src/form/problems.js';
import { prepareSchema } from '../src/form/schema.js';
import { describeValues } from '../src/form/values.js';
import { translated } from '../src/form/wordings.js';

const pathCases = [
  [undefined, []],
  ['amount', []],
  ['items[0].amount', [0]],
  ['items.12.amount', [12]],
  ['groups[1].items[2].name', [1, 2]],
  ['no2.name', []],
];

for (const [path, expected] of pathCases) {
  test(`a path gives its indexes: ${path}`, () => {
    assert.deepEqual(indexesOf(path), expected);
  });
}

test('a problem of a drawn field goes to the field, any other to the list on top', () => {
  const drawn = { path: 'name', field_id: 'f_name', message: '此项必填' };
  const unknown = { path: 'extra', field_id: null, message: '未知的字段' };
  const divided = divideProblems([drawn, unknown], new Set(['f_name']));
  assert.deepEqual(divided, { errors: { f_name: ['此项必填'] }, rest: [unknown] });
});

test('problems of one field are all shown', () => {
  const problems = ['甲', '乙'].map((message) => ({ path: 'name', field_id: 'f', message }));
  assert.deepEqual(divideProblems(problems, new Set(['f'])).errors, { f: ['甲', '乙'] });
});

test('a problem in a list goes to its row', () => {
  const problem = { path: 'items[1].amount', field_id: 'f', message: '不能小于 0' };
  assert.deepEqual(divideProblems([problem], new Set(['f'])).errors, { f: { 1: ['不能小于 0'] } });
});

test('a field that the server fills is shown read-only and never stops the submission', () => {
  const schema = { components: [{ key: 'case_no', properties: { auto: 'case_no' }, validate: { required: true } }] };
  const [field] = prepareSchema(schema, {}).components;
  assert.equal(field.readonly, true);
  assert.equal(field.validate, undefined);
  assert.equal(schema.components[0].readonly, undefined, 'the schema that was given stays as it is');
});

test('a Chinese phone number passes in the browser, inside a group too', () => {
  const schema = { components: [{ components: [{ key: 'phone', validate: { validationType: 'phone' } }] }] };
  const { pattern, validationType } = prepareSchema(schema, {}).components[0].components[0].validate;
  assert.equal(validationType, undefined);
  assert.match('13800138000', new RegExp(pattern));
  assert.match('0571-8888 6666 转 12', new RegExp(pattern));
  assert.match('(0571)88886666', new RegExp(pattern));
  assert.doesNotMatch('请致电', new RegExp(pattern));
});

test('a draft has the uploaded documents but not the files that are only in this browser', () => {
  const pendingFiles = new PendingFiles();
  const chosen = pendingFiles.add(new File(['x'], '照片.jpg'));
  const uploaded = { documentId: 'd-1' };
  const stripped = pendingFiles.strip({ files: [uploaded, chosen], only: [chosen], rows: [{ files: [chosen] }], empty: [] });
  assert.deepEqual(stripped, { files: [uploaded], only: null, rows: [{ files: null }], empty: [] });
});

test("the library's messages are Chinese, with their numbers", () => {
  assert.equal(translated('Field is required.'), '此项必填');
  assert.equal(translated('Field must have minimum length of 20.'), '至少输入 20 个字符');
  assert.equal(translated('Remove list item 3'), '删除第 3 项');
  assert.equal(translated('Value is expected to be an integer.'), '请输入整数');
  assert.equal(translated('Value is expected to have at most 1 decimal digit.'), '最多保留 1 位小数');
  assert.equal(translated('Value is expected to have at most 2 decimal digits.'), '最多保留 2 位小数');
  assert.equal(translated('Date and time must both be entered.'), '日期和时间都要填写');
  assert.equal(translated('顾客名称'), '顾客名称');
  assert.equal(translated(7), 7);
});

test('what was typed can be copied with its labels', () => {
  const schema = {
    components: [
      { key: 'name', label: '顾客名称' },
      { key: 'media', label: '媒体曝光' },
      { key: 'files', label: '附件' },
      { path: 'items', label: '明细', components: [{ key: 'batch', label: '批次' }] },
    ],
  };
  const values = {
    name: '晨光', media: false, remark: null, items: [{ batch: 'A1' }, { batch: 'A2' }],
    files: [{ documentId: 'd', metadata: { fileName: '照片.jpg' } }],
  };
  assert.equal(describeValues(schema, values),
    '顾客名称：晨光\n媒体曝光：否\n明细 1 · 批次：A1\n明细 2 · 批次：A2\n附件：照片.jpg');
});

test('a moment is chosen with 24 hours unless the form says otherwise', () => {
  const components = [{ type: 'datetime', key: 'a' }, { type: 'datetime', key: 'b', use24h: false }];
  const prepared = prepareSchema({ components }, {});
  assert.deepEqual(prepared.components.map(({ use24h }) => use24h), [true, false]);
});
