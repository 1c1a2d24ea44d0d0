-- The reasons why the motion of an animation, a video of it, could not be made. Until the expiry nobody tries again.
CREATE TABLE image_motion_failures (
    image_id         uuid PRIMARY KEY REFERENCES images ON DELETE CASCADE,
    failure_code     text COLLATE "C" NOT NULL,
    failure_message  text NOT NULL,
    expires_at       timestamptz NOT NULL
);
