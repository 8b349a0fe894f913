//! Development only: a movable clock, builders, recording counterparts, a whole server in a test.
