"""What a business decides by: whether the hardware can be had, what it saves, and what that costs in quality."""
