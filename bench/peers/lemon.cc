// Solves one DIMACS .min file with LEMON and prints one line of JSON, the line that every driver of this folder prints:
//
//	{"optimum","solve_s","cpu_s","read_s","peak_rss"}
//
//	lemon ns FILE    primal network simplex (block search pivots, LEMON's default)
//	lemon cs FILE    cost scaling (partial augment-relabel, LEMON's default)
//
// The clock runs from the network in memory as LEMON's digraph and maps to the known optimum; reading is told apart.
// The reader is our own: LEMON's sees only what follows the header when a stream is opened twice, and says nothing.
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using Graph = lemon::SmartDigraph;
using Value = std::int64_t; // flows and costs: optima of the shared files pass 2^31

static double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static double cpu() {
  rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

// Peak resident bytes of this program alone: ru_maxrss would count the process that started it.
static long long peakRSS() {
  std::ifstream f("/proc/self/status");
  for (std::string line; std::getline(f, line);)
    if (line.compare(0, 6, "VmHWM:") == 0) return 1024LL * std::atoll(line.c_str() + 6);
  return -1;
}

[[noreturn]] static void fail(const std::string& what) {
  std::fprintf(stderr, "lemon: %s\n", what.c_str());
  std::exit(2);
}

struct Network {
  Graph g;
  std::vector<Graph::Node> nodes;
  Graph::ArcMap<Value> lower{g}, upper{g}, cost{g};
  Graph::NodeMap<Value> supply{g};
};

static void read(const char* path, Network& net) {
  std::ifstream f(path, std::ios::binary);
  if (!f) fail(std::string("cannot open ") + path);
  std::stringstream buffer;
  buffer << f.rdbuf();
  const std::string text = buffer.str();
  long long m = -1, arcs = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    const char kind = text[at];
    char* p = const_cast<char*>(text.c_str()) + at + 1;
    auto number = [&] { return std::strtoll(p, &p, 10); };
    if (kind == 'p') {
      while (*p == ' ') p++;
      if (std::strncmp(p, "min", 3) != 0) fail("not a min-cost flow file");
      p += 3;
      const long long n = number();
      m = number();
      net.g.reserveNode(n);
      net.g.reserveArc(m);
      for (long long i = 0; i < n; i++) {
        net.nodes.push_back(net.g.addNode());
        net.supply[net.nodes.back()] = 0;
      }
    } else if (kind == 'n') {
      const long long v = number();
      net.supply[net.nodes.at(v - 1)] = number();
    } else if (kind == 'a') {
      const long long u = number(), v = number();
      const Graph::Arc a = net.g.addArc(net.nodes.at(u - 1), net.nodes.at(v - 1));
      net.lower[a] = number();
      const long long cap = number();
      net.upper[a] = cap < 0 ? std::numeric_limits<Value>::max() : cap;
      net.cost[a] = number();
      arcs++;
    }
    at = end + 1;
  }
  if (m < 0 || arcs != m) fail("the number of arcs is not the header's");
}

template <class Algorithm>
static Value solve(const Network& net) {
  Algorithm algorithm(net.g);
  algorithm.lowerMap(net.lower).upperMap(net.upper).costMap(net.cost).supplyMap(net.supply);
  if (algorithm.run() != Algorithm::OPTIMAL) fail("no optimum");
  return algorithm.template totalCost<Value>();
}

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: lemon ns|cs FILE");
  const double start = wall();
  Network net;
  read(argv[2], net);
  const double ready = wall(), spent = cpu();
  Value optimum = 0;
  if (std::strcmp(argv[1], "ns") == 0)
    optimum = solve<lemon::NetworkSimplex<Graph, Value, Value>>(net);
  else if (std::strcmp(argv[1], "cs") == 0)
    optimum = solve<lemon::CostScaling<Graph, Value, Value>>(net);
  else
    fail("usage: lemon ns|cs FILE");
  std::printf("{\"optimum\":%lld,\"solve_s\":%.6f,\"cpu_s\":%.6f,\"read_s\":%.6f,\"peak_rss\":%lld}\n",
              static_cast<long long>(optimum), wall() - ready, cpu() - spent, ready - start, peakRSS());
}
