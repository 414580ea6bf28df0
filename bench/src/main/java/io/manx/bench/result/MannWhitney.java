package io.manx.bench.result;

import java.util.ArrayList;
import java.util.List;

/**
 * How often two sets of samples of one and the same thing would lie as far apart as these (Mann and Whitney 1947). It looks
 * at their order alone: one sample that an interrupt spoiled weighs no more than any other. The number of orders is
 * counted out, without an approximation.
 */
final class MannWhitney {
    private MannWhitney() {}

    /** @return 0 to 1, two-sided; ties count as half */
    static double chance(List<Double> a, List<Double> b) {
        double wins = 0;
        for (double x : a) {
            for (double y : b) {
                wins += x > y ? 1 : x == y ? 0.5 : 0;
            }
        }
        double far = Math.min(wins, a.size() * b.size() - wins);
        double[] orders = orders(a.size(), b.size());
        double all = 0;
        double asFar = 0;
        for (int u = 0; u < orders.length; u++) {
            all += orders[u];
            asFar += u <= far ? orders[u] : 0;
        }
        return Math.min(1, 2 * asFar / all);
    }

    /** How many orders of m and n samples give each count of wins: as the coefficients of a Gaussian binomial. */
    private static double[] orders(int m, int n) {
        List<double[]> before = new ArrayList<>();
        for (int j = 0; j <= n; j++) {
            before.add(new double[] {1});
        }
        for (int i = 1; i <= m; i++) {
            List<double[]> row = new ArrayList<>();
            row.add(new double[] {1});
            for (int j = 1; j <= n; j++) {
                double[] counts = new double[i * j + 1];
                add(counts, before.get(j), j);
                add(counts, row.get(j - 1), 0);
                row.add(counts);
            }
            before = row;
        }
        return before.get(n);
    }

    private static void add(double[] to, double[] counts, int shift) {
        for (int u = 0; u < counts.length; u++) {
            to[u + shift] += counts[u];
        }
    }
}
