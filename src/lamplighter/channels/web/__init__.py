"""The pages for the public: call, text and chat."""
