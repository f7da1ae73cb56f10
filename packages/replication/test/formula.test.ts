import { describe, expect, it } from 'vitest';
import { evaluateFormula } from '../src/formula.js';

describe('evaluateFormula', () => {
  it('evaluates a published formula at the values given', () => {
    expect(evaluateFormula({ expression: '(1 - phi)^2 / 2', scope: { phi: 0.5 } })).toBe(0.125);
    expect(evaluateFormula({ expression: 'lambda + q sigma^2 / lambda', scope: { lambda: 4, q: 3, sigma: 2 } })).toBe(
      7,
    );
    expect(evaluateFormula({ expression: 'sqrt(pi) / 2', scope: {} })).toBeCloseTo(Math.sqrt(Math.PI) / 2, 15);
  });

  it("does not take a missing phi for mathjs's golden ratio", () => {
    expect(() => evaluateFormula({ expression: '1 - phi', scope: {} })).toThrow('the scope does not give phi');
  });

  it('refuses values that the expression does not use, a misspelt name for one', () => {
    expect(() => evaluateFormula({ expression: '1 - phi', scope: { phi: 1, phy: 2 } })).toThrow('does not use phy');
  });

  it('names the expression and its values when there is no finite value', () => {
    const at0 = { expression: '1 / x', scope: { x: 0 } };
    expect(() => evaluateFormula(at0)).toThrow('formula "1 / x" at x = 0: the value is Infinity');
    expect(() => evaluateFormula({ expression: 'log(-1) +', scope: {} })).toThrow('formula "log(-1) +"');
    expect(() => evaluateFormula({ expression: 'f(x) = x', scope: { x: 1 } })).toThrow('not a finite number');
  });
});
