-- The duty that carries out lifecycle rules bears their name since this version; its next run starts from the front either way.
DELETE FROM duty_leases WHERE duty = 'expiration';
