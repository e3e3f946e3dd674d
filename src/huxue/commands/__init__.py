"""The command line: one module for each command, found by its name (``import_`` is the command ``import``).

A command module has two functions: ``add(subparsers)`` declares its parser, with an example in its help, and
``run(args)`` does the work and returns an exit code of :mod:`huxue.commands.main`, or None for success. ``args.site``
is the site's folder and ``args.lang`` the language; Django is set up before the module is imported. A command that
works on a site calls ``open_site()`` first. Modules that only share code between commands have no ``add``.
"""
