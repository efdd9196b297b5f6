export {
  ATTRIBUTE_LIMITS,
  flawOfAttributes,
  type Attributes,
  type JsonValue,
} from './attributes.js';
export { flawOfCondition, type ConditionOutcome } from './compile-condition.js';
export { ConditionError } from './condition-error.js';
export {
  CONDITION_FUNCTIONS,
  CONDITION_LIMITS,
  CONDITION_METHODS,
  CONDITION_VARIABLES,
} from './condition-language.js';
