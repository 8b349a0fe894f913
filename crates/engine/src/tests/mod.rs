//! The engine on a real store, a movable clock and one small source.

mod access;
mod channels;
mod chat;
mod console;
mod developers;
mod grants;
mod incidents;
mod intake;
mod notices;
mod oncall;
mod over;
mod paging;
mod people;
mod plans;
mod relay;
mod responsibility;
mod sign_in;
mod stakeholders;
mod tokens;
mod world;
