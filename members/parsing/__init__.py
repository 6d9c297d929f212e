"""Reading what employers send: tables of people and notices."""
