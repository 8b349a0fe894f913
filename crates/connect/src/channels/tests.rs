//! What holds for every channel; what each one sends is tested against small servers in `tests/it` of the binary.
