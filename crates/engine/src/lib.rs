//! The flow: intake, triage, incidents, plans, timers, duties.
