Promise.reject(new Error('nobody hears it')).catch(() => undefined);
