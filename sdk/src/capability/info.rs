//! Who the vehicle is: versions, capabilities, identification.
