"""Rules and views as pure functions: values in, values out."""
