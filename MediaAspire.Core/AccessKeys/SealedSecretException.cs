namespace MediaAspire.Core.AccessKeys;

/// <summary>A secret in the database cannot be opened: a fault of the operator or of a change to the row, never of the client.</summary>
public sealed class SealedSecretException(string message, Exception? innerException = null) : Exception(message, innerException);
