"""What the model is asked and how its answer is read; shared by training and serving. No torch, no Django."""
