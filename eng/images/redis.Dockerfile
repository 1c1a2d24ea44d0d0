# Debian's Redis in the shape of the official image, as far as Aspire uses it.
FROM mediaaspire/engines:local
COPY redis-entrypoint.sh /usr/local/bin/
WORKDIR /data
VOLUME /data
EXPOSE 6379
ENTRYPOINT ["/usr/local/bin/redis-entrypoint.sh"]
CMD ["redis-server"]
