/** dmn-js in Chinese, as far as a reader sees it. The editor's texts come with the editor. */

/** @type {Record<string, string>} */
const wordings = {
  And: '且',
  Annotation: '说明',
  Annotations: '说明',
  'Boxed expression': '表达式',
  'Expression language:': '表达式语言：',
  'Hit policy:': '命中策略：',
  Input: '输入',
  Output: '输出',
  Then: '则',
  'Variable name:': '变量名：',
  'Variable type:': '变量类型：',
  'View DRD': '决策关系图',
  When: '当',
  Unique: '唯一（UNIQUE）',
  First: '首条（FIRST）',
  Priority: '优先（PRIORITY）',
  Any: '任一（ANY）',
  Collect: '收集（COLLECT）',
  'Collect (Sum)': '收集求和（COLLECT SUM）',
  'Collect (Min)': '收集最小（COLLECT MIN）',
  'Collect (Max)': '收集最大（COLLECT MAX）',
  'Collect (Count)': '收集计数（COLLECT COUNT）',
  'Rule order': '规则顺序（RULE ORDER）',
  'Output order': '输出顺序（OUTPUT ORDER）',
};

/**
 * Returns a text of the library in Chinese, with its `{places}` filled.
 *
 * @param {string} template
 * @param {Record<string, string>} [replacements]
 */
export function translate(template, replacements = {}) {
  const text = Object.hasOwn(wordings, template) ? wordings[template] : template;
  return text.replace(/{([^}]+)}/g, (place, key) => replacements[key.trim()] ?? place);
}
