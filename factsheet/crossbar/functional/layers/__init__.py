"""Layers of a network on crossbars: conversion, programming, drift and compensation over a whole network."""
