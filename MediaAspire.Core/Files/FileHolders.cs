using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Files;

/// <summary>The statements by which other rooms hold files and release them.</summary>
/// <remarks>
/// Every version of an object and every part of an upload holds the files with its bytes. A file that loses its last holder is deleted, and
/// its bytes are collected later.
/// </remarks>
internal static class FileHolders
{
    /// <summary>Adds one holder to each file, as often as it is listed.</summary>
    /// <remarks>The result is false when a file was deleted or stands for itself; the caller then rolls back.</remarks>
    public static NpgsqlBatchCommand Hold(IEnumerable<FileId> files) =>
        new("SELECT hold_files($1)") { Parameters = { new() { Value = files.Select(file => file.Value).ToArray() } } };

    /// <summary>Takes one holder from each file that a query returns, as often as it returns it.</summary>
    public static NpgsqlBatchCommand Release(string files, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand($"SELECT release_files(ARRAY({files}))");
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
