"""Recipes: what the columns of somebody's file mean, and what a file therefore says. Pure."""
