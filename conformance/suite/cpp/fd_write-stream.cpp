// fd_write: cout and stringstream write numbers and text.
#include <iostream>
#include <sstream>

int main() {
    std::ostringstream line;
    line << "pi is about " << 355.0 / 113 << ", " << std::hex << 255;
    std::cout << line.str() << std::endl;
}
