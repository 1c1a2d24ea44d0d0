using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Settings of images that operators change while the platform runs. Thread-safe.</summary>
public sealed class ImageSettings(NpgsqlDataSource database)
{
    /// <summary>The name of the setting with the alias of the image that is sent for one that does not exist.</summary>
    public const string NotFound = "not-found";

    /// <summary>Gets a setting.</summary>
    /// <returns><see langword="null"/> when it is not set.</returns>
    public async Task<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT value FROM image_settings WHERE key = $1");
        command.Parameters.Add(new() { Value = key });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Sets a setting.</summary>
    public async Task SetAsync(string key, string value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO image_settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes a setting.</summary>
    /// <returns><see langword="true"/> when it was set.</returns>
    public async Task<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM image_settings WHERE key = $1");
        command.Parameters.Add(new() { Value = key });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
