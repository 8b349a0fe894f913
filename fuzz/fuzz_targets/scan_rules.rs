#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| watchfire_scan::fuzzing::exercise("rules", input));
