//! Measurements beside their probes and peers.
