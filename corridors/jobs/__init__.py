"""What a person asks for, one module a job, over shared stages. The only room that knows every other."""
