//! Tests of the generic scanner.
