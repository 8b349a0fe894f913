//! What on-call does, case by case and over all zones.

mod build;
mod calendar;
mod cases;
mod changes;
mod lint;
mod rotation;
mod zones;
