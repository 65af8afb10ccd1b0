// The standard library at work: containers, algorithms, streams, static objects.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

// Built before main and destroyed after it: its last words go to a file.
struct Diary {
    std::vector<std::string> lines{"constructed"};
    ~Diary() {
        lines.push_back("destroyed");
        if (FILE *f = std::fopen("diary", "w")) {
            for (const auto &line : lines)
                std::fprintf(f, "%s\n", line.c_str());
            std::fclose(f);
        }
    }
};

Diary diary;

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct Square : Shape {
    double side;
    explicit Square(double s) : side(s) {}
    double area() const override { return side * side; }
};

struct Circle : Shape {
    double radius;
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.14159265358979 * radius * radius; }
};

int numbers() {
    std::vector<unsigned> v(100000);
    unsigned state = 42;
    std::generate(v.begin(), v.end(), [&] { return state = state * 1664525u + 1013904223u; });
    std::sort(v.begin(), v.end());
    std::set<unsigned> digits;
    for (unsigned n : v)
        digits.insert(n % 1000);
    std::cout << v.front() << ' ' << v.back() << ' ' << std::accumulate(v.begin(), v.end(), 0ull) << ' ' << digits.size() << '\n';
    return 0;
}

// Counts the words of standard input.
int words() {
    std::map<std::string, int> count;
    for (std::string word; std::cin >> word;)
        count[word]++;
    for (const auto &[word, n] : count)
        std::cout << word << ": " << n << '\n';
    return count.empty();
}

int shapes() {
    std::vector<std::unique_ptr<Shape>> all;
    for (int i = 1; i < 6; i++)
        i % 2 ? all.push_back(std::make_unique<Square>(i)) : all.push_back(std::make_unique<Circle>(i));
    std::sort(all.begin(), all.end(), [](auto &a, auto &b) { return a->area() < b->area(); });
    std::ostringstream out;
    for (const auto &shape : all)
        out << shape->area() << ' ';
    std::cout << out.str() << std::hex << std::showbase << 255 << '\n';
    return 0;
}

int strings() {
    std::unordered_map<std::string, size_t> length;
    std::string text;
    for (int i = 0; i < 2000; i++) {
        text += std::to_string(i * i) + ",";
        length[text.substr(text.size() / 2)] = text.size();
    }
    std::reverse(text.begin(), text.end());
    std::cout << text.size() << ' ' << length.size() << ' ' << text.substr(0, 20) << '\n';
    return 0;
}

}  // namespace

int main(int argc, char **argv) {
    const std::string job = argc > 1 ? argv[1] : "";
    diary.lines.push_back("job " + job);
    if (job == "numbers") return numbers();
    if (job == "words") return words();
    if (job == "shapes") return shapes();
    if (job == "strings") return strings();
    if (job == "exit") std::exit(7);
    std::cerr << "kit: unknown job\n";
    return 2;
}
