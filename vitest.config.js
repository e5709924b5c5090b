export default {
  test: {
    environment: "happy-dom",
    include: ["tests/static/**/*.test.js"],
  },
};
