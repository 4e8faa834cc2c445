console.log("quickstart: nothing to tell yet");
