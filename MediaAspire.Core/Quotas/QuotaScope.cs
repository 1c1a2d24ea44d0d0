using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Quotas;

/// <summary>The subject of a quota: one bucket, or one owner with its files and all its buckets.</summary>
public readonly record struct QuotaScope
{
    private readonly BucketId? _bucket;
    private readonly OwnerId? _owner;

    private QuotaScope(BucketId? bucket, OwnerId? owner) => (_bucket, _owner) = (bucket, owner);

    public static QuotaScope Of(BucketId bucket) => new(bucket, owner: null);

    public static QuotaScope Of(OwnerId owner) => new(bucket: null, owner);

    public override string ToString() => _owner is { } owner ? $"owner {owner}" : $"bucket {_bucket}";

    /// <summary>Adds the parameters for a bucket and an owner, one of which is NULL.</summary>
    internal void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new() { Value = (object?)_bucket?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        parameters.Add(NullableParameter.Text(_owner?.Value));
    }
}
