/** FEEL in the browser as the server reads it, who has the last word. */
import { FeelExpressionLanguage } from '@bpmn-io/form-js-viewer';

/** A name the library does not know is a syntax error to it, and a condition with an error hides nothing. */
export const functions = {
  'get or else': (value, otherwise) => value ?? otherwise,
};

/** form-js keeps an untouched text as '', the server as null: `= null` must mean the same to both. */
function asTheServerSees(data) {
  const seen = { ...functions };
  for (const [name, value] of Object.entries(data)) seen[name] = value === '' ? null : value;
  return seen;
}

class Feel extends FeelExpressionLanguage {
  static $inject = ['eventBus'];

  evaluate(expression, data = {}) {
    return super.evaluate(expression, asTheServerSees(data));
  }

  evaluateUnaryTest(expression, data = {}) {
    return super.evaluateUnaryTest(expression, asTheServerSees(data));
  }
}

/** The form-js module that puts our FEEL in the place of its own. */
export const expressionModule = { expressionLanguage: ['type', Feel] };
