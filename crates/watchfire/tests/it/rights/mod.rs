//! Who may do and see what, over every operation of the API and everything that can be observed.

mod command_line;
mod crawl;
mod day;
mod house;
mod interference;
mod matrix;
mod object;
mod streams;
mod table;
