//! The engine on a real store, a movable clock and one small source.

mod access;
mod channels;
mod chat;
mod console;
mod grants;
mod incidents;
mod intake;
mod oncall;
mod paging;
mod people;
mod plans;
mod relay;
mod sign_in;
mod tokens;
mod world;
