"""Huiyin 回音: runs complaint and after-sales procedures from BPMN diagrams."""
