/**
 * The parabola of least squares through values at equal distances, at the newest of them: what numpy.polyfit of degree 2 says there. The abscissae
 * run from −1 to 1 instead of being times, so that the sums stay near 1 (times of 10⁵ s to the fourth power leave no digit of 16 for the rest).
 */
export const parabolaAtEnd = (values: readonly number[]): number => {
  const last = values.at(-1) ?? 0;
  const count = values.length;
  // Through three points or fewer it goes exactly.
  if (count <= 3) return last;
  let [x2, x4, y, xy, x2y] = [0, 0, 0, 0, 0];
  values.forEach((value, index) => {
    const x = (2 * index) / (count - 1) - 1;
    x2 += x * x;
    x4 += x ** 4;
    y += value;
    xy += x * value;
    x2y += x * x * value;
  });
  // Odd sums are zero, so that the slope stands alone and two equations are left for the other two coefficients.
  const determinant = count * x4 - x2 * x2;
  const height = (x4 * y - x2 * x2y) / determinant;
  const bend = (count * x2y - x2 * y) / determinant;
  return height + xy / x2 + bend;
};
