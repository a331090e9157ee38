/** FEEL in the browser, with the function of our FEEL that the library's lacks; the server judges by its own. */
import { FeelExpressionLanguage } from '@bpmn-io/form-js-viewer';

/** A name the library does not know is a syntax error to it, and a condition with an error hides nothing. */
export const functions = {
  'get or else': (value, otherwise) => value ?? otherwise,
};

class Feel extends FeelExpressionLanguage {
  static $inject = ['eventBus'];

  evaluate(expression, data = {}) {
    return super.evaluate(expression, { ...functions, ...data });
  }

  evaluateUnaryTest(expression, data = {}) {
    return super.evaluateUnaryTest(expression, { ...functions, ...data });
  }
}

/** The form-js module that puts our FEEL in the place of its own. */
export const expressionModule = { expressionLanguage: ['type', Feel] };
