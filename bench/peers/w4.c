/* W4: 784 regular lines at 16 spikes/ms, all-to-all onto N competing RS neurons, instar STDP, lateral inhibition, set
   point of spikes; images of 150 ms. usage w4 N images [learn 0|1]; N at most 4096 */
#include "common.h"
#define IN 784
#define MS 150
int main(int c, char** x) {
  int N = c > 1 ? atoi(x[1]) : 400, K = c > 2 ? atoi(x[2]) : 200, learn = c > 3 ? atoi(x[3]) : 1, P = (N + 15) & ~15;
  const float top = .5f, eta = .03f, kick = 5, decay = expf(-1 / 5.f), fade = expf(-1 / 12.f), forget = expf(-1 / 40.f),
              goal = 4.0f / N;
  /* means over a step of currents and conductances that decay */
  const float mean = 5 * (1 - expf(-1 / 5.f)), meanh = 12 * (1 - expf(-1 / 12.f));
  double b0 = now();
  float *w = aligned_alloc(64, (size_t)IN * P * 4), *image = malloc((size_t)K * IN * 4);
  static float v[4096], u[4096], g[4096], h[4096], th[4096], I[4096];
  int count[N];
  static float trace[IN];
  for (size_t k = 0; k < (size_t)IN * P; k++) w[k] = .15f * uf();
  for (int k = 0; k < K; k++) {
    float *m = image + (size_t)k * IN, s = 0;
    int a = ui(28), b = ui(28);
    for (int i = 0; i < IN; i++) s += m[i] = expf(-((i % 28 - a) * (i % 28 - a) + (i / 28 - b) * (i / 28 - b)) / 50.f);
    for (int i = 0; i < IN; i++) m[i] = fminf(.25f, 16 * m[i] / s);
  }
  memset(th, 0, P * 4);
  double b1 = now(), u1 = ucpu();
  size_t tot = 0;
  for (int k = 0; k < K; k++) {
    const float* m = image + (size_t)k * IN;
    /* the lines of each step of this image, sorted by step */
    static uint16_t line[IN * MS];
    int start[MS + 2];
    memset(start, 0, sizeof start);
    static float phase[IN];
    for (int i = 0; i < IN; i++) phase[i] = uf();
    for (int i = 0; i < IN; i++)
      for (int n = 1;; n++) {
        int t = (int)((n - phase[i]) / m[i]);
        if (!(t < MS) || m[i] < 1e-6f) break;
        start[t + 2]++;
      }
    for (int t = 2; t < MS + 2; t++) start[t] += start[t - 1];
    for (int i = 0; i < IN; i++)
      for (int n = 1;; n++) {
        int t = (int)((n - phase[i]) / m[i]);
        if (!(t < MS) || m[i] < 1e-6f) break;
        line[start[t + 1]++] = i;
      }
    for (int i = 0; i < P; i++) {
      v[i] = -70;
      u[i] = .2f * -70;
      g[i] = h[i] = 0;
    }
    memset(count, 0, sizeof count);
    for (int s = 0; s < MS; s++) {
      int a = start[s], b = start[s + 1];
      for (int i = 0; i < IN; i++) trace[i] *= forget;
      for (int z = a; z < b; z++) {
        const float* r = w + (size_t)line[z] * P;
        for (int j = 0; j < P; j++) g[j] += r[j];
        trace[line[z]] = top;
      }
      int any = 0;
      for (int j = 0; j < P; j++) {
        float open = meanh * h[j], in = mean * g[j] - th[j] - 85 * open, V = v[j], U = u[j], d = 1 / (1 + .5f * open);
        I[j] = in + 65 * open;
        V = (V + .5f * ((.04f * V + 5) * V + 140 - U + in)) * d;
        V = (V + .5f * ((.04f * V + 5) * V + 140 - U + in)) * d;
        u[j] = U + .02f * (.2f * V - U);
        v[j] = V;
        g[j] *= decay;
        h[j] *= fade;
        any |= V >= 30;
      }
      if (!any) continue;
      int best = -1;
      for (int j = 0; j < N; j++)
        if (v[j] >= 30) {
          v[j] = -65;
          if (best < 0 || I[j] > I[best]) best = j;
        }
      u[best] += 8;
      count[best]++;
      tot++;
      for (int j = 0; j < P; j++) h[j] += j == best ? 0 : kick;
      if (learn)
        for (int i = 0; i < IN; i++) {
          float* q = w + (size_t)i * P + best;
          *q += eta * (trace[i] - *q);
        }
    }
    if (learn)
      for (int j = 0; j < N; j++) th[j] += .1f * (count[j] - goal);
  }
  double e = now(), ue = ucpu();
  printf(
      "{\"engine\":\"native-c\",\"workload\":\"W4\",\"n\":%d,\"synapses\":%d,\"sim_ms\":%d,\"wall_s\":%.5f,\"user_s\":%"
      ".5f,\"build_s\":%.4f,\"mean_rate_hz\":%.3f,\"rss_mb\":%.0f,\"precision\":\"f32\",\"threads\":1}\n",
      N, IN * N, K * MS, e - b1, ue - u1, b1 - b0, tot * 1000.0 / N / K / MS, maxrss() / 1024.0);
}
