//! Stories of the console in a real Chromium, over WebDriver.
//!
//! They need the paths of Chromium, its driver and axe-core in the environment (`cargo xtask test` sets them);
//! without those they are left out and named.

mod accessibility;
mod commander;
mod doors;
mod driver;
mod hostile;
mod house;
mod keyboard;
mod layout;
mod live;
mod oncall;
mod paint;
mod sign_in;
mod ways;
